"""Left out: only a computed name leads here."""
