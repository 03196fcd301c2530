"""One screen = one module and one .kv file beside it; loaded when first shown."""
