// Package config reads the settings of a run: which phones, which app, where
// reports go. They come, the stronger first, from flags, from the environment
// (RINGPROOF_ and the key in capitals, such as RINGPROOF_DEVICES) and from the
// file ringproof.yaml in the root of the module.
//
//	devices: attached        # virtual, attached, or serials: [R58M, 10.0.0.5:5555]
//	app: profiles/shop.yaml  # reference, guide, or the file of a profile
//	delivery: any            # how pushes travel: debug, root or any
//	adb: 127.0.0.1:5037      # the adb server
//	tags: [smoke, lockscreen]
//	filter: "!bluetooth"
//	report: reports/out
//
// Relative paths mean the module's root, wherever they were given: a test runs
// in its package's folder, and its settings must not depend on that.
//
// The package knows no phone and no profile: it says what was asked for, others
// find out whether it exists.
package config
