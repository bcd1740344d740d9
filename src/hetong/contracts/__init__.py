"""The record at the heart: contracts with their types, statuses, lines, key dates, team, projects and stages.

Owns what was agreed, with whom, for how much and until when. Refuses every step that the lifecycle has
not, and every change of what was agreed once the contract has left the drafting table.
"""
