from traced import function

value = function()
