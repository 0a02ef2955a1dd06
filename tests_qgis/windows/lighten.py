"""Make pictures light: 256 colours, chosen far apart, are enough for windows. Run by the library's Python."""

import sys

import numpy as np
from PIL import Image

#: Two colours nearer than this, in 0..255 RGB, are shown as one when there are too many.
_NEAR = 14.0
#: The commonest colours are kept as they are.
_COMMON = 128


def lighten(path):
    """Keep 256 colours of a picture: the commonest, then those that are unlike them, however rare."""
    with Image.open(path) as image:
        pixels = np.asarray(image.convert("RGB"))
    colours, place, counts = np.unique(pixels.reshape(-1, 3), axis=0, return_inverse=True, return_counts=True)
    colours = colours.astype(float)
    order = np.argsort(-counts, kind="stable")
    chosen, far = [], np.full(len(colours), np.inf)
    for distance, ranks in ((0.0, order[:_COMMON]), (_NEAR, order), (0.0, order)):
        for rank in ranks:
            if len(chosen) < 256 and far[rank] > distance:
                chosen.append(rank)
                far = np.minimum(far, np.linalg.norm(colours - colours[rank], axis=1))
    nearest = np.linalg.norm(colours[:, None] - colours[chosen][None], axis=2).argmin(axis=1)
    light = Image.fromarray(nearest[place].reshape(pixels.shape[:2]).astype(np.uint8), mode="P")
    light.putpalette(colours[chosen].astype(np.uint8).tobytes())
    light.save(path, optimize=True)


if __name__ == "__main__":
    for picture in sys.argv[1:]:
        lighten(picture)
