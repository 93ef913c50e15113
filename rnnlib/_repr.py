"""What a model says of itself: its layers, as they are written to make it."""


def described(*layers: object, **more: object) -> str:
    """The arguments of a model for its ``repr``, without those that are None."""
    return ", ".join([*map(repr, layers), *(f"{name}={value!r}" for name, value in more.items() if value is not None)])
