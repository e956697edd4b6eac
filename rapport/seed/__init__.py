"""A believable brand to look at: a coffee shop with 500 members and their last 60 days.

`words` are its people and products; `lives` decides what everybody did, the same at every run of a
day; `planting` has the services' own actions do it, with the clock of then, so that every service
hears of it by event and agrees; `sowing` is all of it.
"""
