//! A digest of all inputs of a step in, its earlier result out: from this machine or from a shared store.
