"""What `./parvis` runs inside the virtual environment: embedded PostgreSQL, demo, production server, backups."""
