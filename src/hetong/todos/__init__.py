"""One list of what each person has to do: what records ask for by a day or by name, and tasks that people give.

What a record asks for is refreshed from the record itself and goes away when it is done there; only tasks are ticked
off here. It refuses to pass on what somebody was asked in person: for that there are stand-ins.
"""
