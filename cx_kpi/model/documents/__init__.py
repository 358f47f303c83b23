"""What commands other than `report` print."""
