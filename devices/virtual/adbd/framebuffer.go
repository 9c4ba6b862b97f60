package adbd

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
)

// pixels is HAL_PIXEL_FORMAT_RGBA_8888, the format of all of screencap's
// pictures on phones of this decade.
const pixels = 1

// framebuffer sends what is on the screen, as framebuffer_service.cpp of
// Android 14 does: the output of screencap behind another header, of fourteen
// numbers (struct fbinfo, version 2).
func (d *Daemon) framebuffer(ctx context.Context, stream io.ReadWriter) error {
	var raw, out bytes.Buffer
	d.shell.Run(ctx, Command{Line: "screencap", Stdin: bytes.NewReader(nil), Stdout: &raw, Stderr: io.Discard})
	// Width, height, format, colour space.
	var head [4]uint32
	if err := binary.Read(&raw, binary.LittleEndian, &head); err != nil {
		return fmt.Errorf("read the header of a screen's picture: %w", err)
	}
	width, height, format, space := head[0], head[1], head[2], head[3]
	size := uint64(width) * uint64(height) * 4
	if format != pixels || size != uint64(raw.Len()) {
		return fmt.Errorf("%d bytes of a picture of %dx%d in format %d", raw.Len(), width, height, format)
	}
	header := []uint32{
		2, 32, space, uint32(size), width, height,
		0, 8, // red: offset, length
		16, 8, // blue
		8, 8, // green
		24, 8, // alpha
	}
	if err := binary.Write(&out, binary.LittleEndian, header); err != nil {
		return err
	}
	_, err := io.Copy(stream, io.MultiReader(&out, &raw))
	return err
}
