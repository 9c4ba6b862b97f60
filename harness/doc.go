// Package harness is what a scenario is written with: a phone whose facts can
// be read and whose keys can be pressed, an app to push calls to, and steps
// that say what to do and what must then be true.
//
// It drives any phone behind devices.Phone and never learns what kind it is.
// It knows no scenario, no defect's name and no renderer.
package harness
