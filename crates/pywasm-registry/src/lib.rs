//! An artifact in, an OCI artifact in a registry out; and back, checked against its digest.
