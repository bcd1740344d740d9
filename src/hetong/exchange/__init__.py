"""What leaves the product as a whole and can be checked without it: a contract's record on paper, and its archive package.

Owns no rows: what it makes is kept as a document of the contract. It refuses to leave anything out without
saying so, and to accept a package that is not byte for byte what was made.
"""
