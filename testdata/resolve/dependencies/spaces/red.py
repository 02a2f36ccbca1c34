import spaces.blue
