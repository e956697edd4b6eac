"""What profile can do. Actions take a session and `now`, never commit and never touch the network.

`people` finds and locks the members an action is about; `changes` writes what became of them and
says it; the others are what callers ask for: `members`, `tracking`, `orders`, `segments`,
`audiences`.
"""
