"""The ground floor: money, scaled numbers, dates, states, errors, actors, events, nouns, fields.

It holds no models and knows no app. Everything above may use it; it imports nothing of ours.
"""
