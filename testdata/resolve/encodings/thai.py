# coding: tis-620
name = "ก"
