"""What is kept from one day to the next: stores of exports, and parts that add up."""
