//! A finished build in, a release folder that a stranger can verify out; and the other way round, the verdict.
