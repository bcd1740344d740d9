"""A believable group of two companies to try Hetong on. Every name and number in it is made up."""
