from lister.folders import names_in

KINDS = names_in(__path__[0])
