"""Cuts of scenes around one thing, which is as large there as in a portrait."""

import io

MARGINS = (0.05, 0.5)  # around a thing, in shares of its longer side
IN_VIEW = 0.6  # of a thing's box: from there it is told


def share_in(box, window):
    left, top = max(box[0], window[0]), max(box[1], window[1])
    right = min(box[0] + box[2], window[2])
    bottom = min(box[1] + box[3], window[3])
    return max(0, right - left) * max(0, bottom - top) / (box[2] * box[3])


def crop(picture, scene, thing, dice):
    """A JPEG and what of the scene is in it."""
    left, top, width, height = thing["box"]
    margins = [dice.uniform(*MARGINS) * max(width, height) for _ in range(4)]
    window = [max(0, left - margins[0]), max(0, top - margins[1]),
              min(picture.width, left + width + margins[2]),
              min(picture.height, top + height + margins[3])]
    out = io.BytesIO()
    picture.crop([round(edge) for edge in window]).save(out, "JPEG", quality=90)
    in_view = [other for other in scene["objects"] if share_in(other["box"], window) >= IN_VIEW]
    return out.getvalue(), dict(scene, layout="objects", objects=in_view, texts=[], chart=None)
