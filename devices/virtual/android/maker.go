package android

import (
	"fmt"
	"slices"
	"strings"
)

// Maker is a maker of phones as a row of data: where its phones differ from
// Android as Google releases it, as far as that was seen or reported. A
// difference that nobody reported is not here: the phone then does what AOSP does.
type Maker struct {
	// Name is what Options say: pixel, samsung, xiaomi, oneplus, motorola.
	Name string
	// Manufacturer and Brand are ro.product.manufacturer and ro.product.brand.
	Manufacturer, Brand string
	// Props are properties by which tools tell the maker's system.
	Props map[string]string
}

// makers in the order of their names in texts.
var makers = []Maker{ // read-only table
	{Name: "pixel", Manufacturer: "Google", Brand: "google"},
	{Name: "samsung", Manufacturer: "samsung", Brand: "samsung"},
	{Name: "xiaomi", Manufacturer: "Xiaomi", Brand: "Xiaomi"},
	{Name: "oneplus", Manufacturer: "OnePlus", Brand: "OnePlus"},
	{Name: "motorola", Manufacturer: "motorola", Brand: "motorola"},
}

// MakerOf is a maker's row; "" stands for pixel.
func MakerOf(name string) (Maker, error) {
	if name == "" {
		name = makers[0].Name
	}
	at := slices.IndexFunc(makers, func(m Maker) bool { return m.Name == name })
	if at < 0 {
		return Maker{}, fmt.Errorf("no phone of the maker %q is simulated: %s are", name, strings.Join(Makers(), ", "))
	}
	return makers[at], nil
}

// Makers are the names that MakerOf knows.
func Makers() []string {
	var out []string
	for _, m := range makers {
		out = append(out, m.Name)
	}
	return out
}
