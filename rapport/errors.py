"""What the operator must know."""


class OperatorError(Exception):
    """Something whoever typed the command can act on; the message is all they see."""
