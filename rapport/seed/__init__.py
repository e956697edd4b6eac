"""A believable brand to look at: a coffee shop with 500 members and their last 60 days.

`words` are its people and products; `lives` decides what everybody did, the same at every run of a
day; `planting` has the services' own actions do it, day by day with the clock of that day, so that
every service hears of it by event and agrees.
"""
