"""logstats, with the hot part of its parser in C where that is there."""
