"""What notify can do, by noun. Nothing here commits or touches the network."""
