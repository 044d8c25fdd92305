"""The `smartdoor` command: builds, starts, shows, proves and stops SmartDoor on one machine. Standard library only."""
