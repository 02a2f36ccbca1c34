"""What a hook renews is of the year of each start, and so is what it does not know of."""
import years

years.OWN = 1999
MORE = years.Info()
print(years.INFO.year, years.INFO.century, years.OWN, MORE.year)
