from tools import install
install(__name__, ["anything"])
