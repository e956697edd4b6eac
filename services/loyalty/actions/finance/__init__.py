"""What finance asks of the programme: sums, reports, closing the books."""
