from inner_caught import thing
