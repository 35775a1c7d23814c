"""Pictures from nothing, and headers that promise more than there is. Standard library only."""
import struct
import zlib

PNG_MAGIC = b"\x89PNG\r\n\x1a\n"


def png_chunk(kind, data):
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def png(width=64, height=48, colour=(200, 120, 40), interlaced=False, before_data=b"", lines=None):
    """Eight bits, RGB. Without `lines` every row is there and has the colour."""
    row = b"\0" + bytes(colour) * width
    data = zlib.compress(row * (height if lines is None else lines))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, int(interlaced))
    return (PNG_MAGIC + png_chunk(b"IHDR", header) + before_data + png_chunk(b"IDAT", data)
            + png_chunk(b"IEND", b""))


def png_bilevel(width, height):
    """One bit a pixel, all black: a thousand times smaller on disk than in memory."""
    packer = zlib.compressobj(9)
    row = b"\0" * (1 + (width + 7) // 8)
    data = b"".join([packer.compress(row) for _ in range(height)] + [packer.flush()])
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (PNG_MAGIC + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", data)
            + png_chunk(b"IEND", b""))


def png_profile_bomb(megabytes):
    """A colour profile that unpacks to zeros."""
    packed = zlib.compress(b"\0" * (megabytes << 20), 9)
    return png(before_data=png_chunk(b"iCCP", b"p\0\0" + packed))


def jpeg_segment(marker, data):
    return bytes((0xFF, marker)) + struct.pack(">H", len(data) + 2) + data


def _huffman(kind, lengths_and_symbols):
    counts = [0] * 16
    for length, _ in lengths_and_symbols:
        counts[length - 1] += 1
    return bytes((kind,)) + bytes(counts) + bytes(symbol for _, symbol in lengths_and_symbols)


def jpeg(width=64, height=48, components=3, said=None, scans=0):
    """Grey all over: every block is its direct current difference 0 and an end of block, two bits.
    With `scans` it is progressive: a first scan and so many empty ones. `said` is the size that
    the header claims."""
    frame_width, frame_height = said or (width, height)
    parts = [b"\xFF\xD8"]
    if components == 4:  # Adobe: four colours, not transformed
        parts.append(jpeg_segment(0xEE, b"Adobe\0\x64\0\0\0\0\0"))
    parts.append(jpeg_segment(0xDB, b"\0" + b"\x10" * 64))
    frame = struct.pack(">BHHB", 8, frame_height, frame_width, components)
    frame += b"".join(bytes((i + 1, 0x11, 0)) for i in range(components))
    parts.append(jpeg_segment(0xC2 if scans else 0xC0, frame))
    parts.append(jpeg_segment(0xC4, _huffman(0x00, [(1, 0)])))
    # Alternating current: end of block, and for progressive scans a run of 2^14 + 0 of them.
    parts.append(jpeg_segment(0xC4, _huffman(0x10, [(1, 0x00), (2, 0xE0)])))
    blocks = ((width + 7) // 8) * ((height + 7) // 8)
    bits = components * (1 if scans else 2)
    selectors = b"".join(bytes((i + 1, 0x00)) for i in range(components))
    parts.append(jpeg_segment(0xDA, bytes((components,)) + selectors
                              + (b"\0\0\0" if scans else b"\0\x3F\0")))
    parts.append(b"\0" * ((blocks * bits + 7) // 8))
    for _ in range(scans):
        parts.append(jpeg_segment(0xDA, b"\x01\x01\x00\x01\x3F\x00"))
        runs = -(-blocks // (1 << 14))
        whole = "".join("10" + "0" * 14 for _ in range(runs))
        whole += "1" * (-len(whole) % 8)
        parts.append(bytes(int(whole[i:i + 8], 2) for i in range(0, len(whole), 8)))
    return b"".join(parts) + b"\xFF\xD9"


def riff(kind, data):
    body = b"WEBP" + kind + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


def webp_extended(width, height):
    return riff(b"VP8X", b"\0" * 4 + struct.pack("<I", width - 1)[:3]
                + struct.pack("<I", height - 1)[:3])


def webp_lossless(width, height):
    return riff(b"VP8L", b"\x2F" + struct.pack("<I", (width - 1) | (height - 1) << 14))


def gif(width, height, frames=1):
    screen = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\0\0\0\xFF\xFF\xFF"
    image = b"," + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02\x02\x44\x01\x00"
    return screen + image * frames + b";"


def tiff(width, height, loop=False):
    """Little-endian, one strip that is not there; with `loop` the directory is its own next."""
    entries = [(256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, 1),
               (262, 3, 1, 1), (273, 4, 1, 8), (277, 3, 1, 1), (278, 4, 1, height),
               (279, 4, 1, 0xFFFFFFFF)]
    directory = struct.pack("<H", len(entries))
    directory += b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return b"II*\0" + struct.pack("<I", 8) + directory + struct.pack("<I", 8 if loop else 0)


def bmp(width, height):
    return (b"BM" + struct.pack("<IHHI", 58, 0, 0, 54)
            + struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, 4, 0, 0, 0, 0) + b"\0" * 4)


def svg(inside, head="", attributes='width="64" height="48"'):
    return (f'<?xml version="1.0"?>\n{head}<svg xmlns="http://www.w3.org/2000/svg" '
            f'xmlns:xlink="http://www.w3.org/1999/xlink" {attributes}>{inside}</svg>\n').encode()


def svg_laughs():
    names = "abcdefghij"
    entities = "".join(f'<!ENTITY {name} "{f"&{names[i - 1]};" * 10 if i else "ha"}">'
                       for i, name in enumerate(names))
    return svg("<text>&j;</text>", head=f"<!DOCTYPE svg [{entities}]>\n")


def svg_uses():
    groups = ['<g id="g0"><rect width="9" height="9"/></g>']
    groups += [f'<g id="g{i}">' + f'<use xlink:href="#g{i - 1}"/>' * 10 + "</g>"
               for i in range(1, 10)]
    return svg(f'<defs>{"".join(groups)}</defs><use xlink:href="#g9"/>')
