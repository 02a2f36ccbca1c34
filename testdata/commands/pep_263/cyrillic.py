# vim: set fileencoding=koi8-r :
NAME = 'кириллица'
