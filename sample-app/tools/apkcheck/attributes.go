package main

// A kind of value that an attribute takes in the source.
type valueKind int

const (
	text      valueKind = iota // or a reference
	boolean                    // or a reference
	number                     //
	reference                  // @type/name, @android:type/name
	symbols                    // names of values, joined by |
)

type attribute struct {
	id     uint32
	kind   valueKind
	values map[string]uint32 // of symbols
}

// attributes are those that the manifests may use. Ids are the constants of the public
// class android.R.attr. One that is missing here is a finding: add it from there.
func attributes() map[string]attribute {
	return map[string]attribute{
		"theme":                       {id: 0x01010000, kind: reference},
		"label":                       {id: 0x01010001},
		"icon":                        {id: 0x01010002, kind: reference},
		"name":                        {id: 0x01010003},
		"permission":                  {id: 0x01010006},
		"hasCode":                     {id: 0x0101000c, kind: boolean},
		"enabled":                     {id: 0x0101000e, kind: boolean},
		"debuggable":                  {id: 0x0101000f, kind: boolean},
		"exported":                    {id: 0x01010010, kind: boolean},
		"process":                     {id: 0x01010011},
		"taskAffinity":                {id: 0x01010012},
		"excludeFromRecents":          {id: 0x01010017, kind: boolean},
		"priority":                    {id: 0x0101001c, kind: number},
		"launchMode":                  {id: 0x0101001d, kind: symbols, values: launchModes()},
		"screenOrientation":           {id: 0x0101001e, kind: symbols, values: orientations()},
		"configChanges":               {id: 0x0101001f, kind: symbols, values: configChanges()},
		"value":                       {id: 0x01010024},
		"resource":                    {id: 0x01010025, kind: reference},
		"mimeType":                    {id: 0x01010026},
		"scheme":                      {id: 0x01010027},
		"host":                        {id: 0x01010028},
		"minSdkVersion":               {id: 0x0101020c, kind: number},
		"versionCode":                 {id: 0x0101021b, kind: number},
		"versionName":                 {id: 0x0101021c},
		"noHistory":                   {id: 0x0101022d, kind: boolean},
		"targetSdkVersion":            {id: 0x01010270, kind: number},
		"maxSdkVersion":               {id: 0x01010271, kind: number},
		"testOnly":                    {id: 0x01010272, kind: boolean},
		"allowBackup":                 {id: 0x01010280, kind: boolean},
		"required":                    {id: 0x0101028e, kind: boolean},
		"stopWithTask":                {id: 0x0101036a, kind: boolean},
		"showOnLockScreen":            {id: 0x010103c9, kind: boolean},
		"supportsRtl":                 {id: 0x010103af, kind: boolean},
		"extractNativeLibs":           {id: 0x010104ea, kind: boolean},
		"fullBackupContent":           {id: 0x010104eb, kind: boolean},
		"usesCleartextTraffic":        {id: 0x010104ec, kind: boolean},
		"resizeableActivity":          {id: 0x010104f6, kind: boolean},
		"directBootAware":             {id: 0x01010505, kind: boolean},
		"roundIcon":                   {id: 0x0101052c, kind: reference},
		"showWhenLocked":              {id: 0x01010569, kind: boolean},
		"turnScreenOn":                {id: 0x0101056a, kind: boolean},
		"compileSdkVersion":           {id: 0x01010572, kind: number},
		"compileSdkVersionCodename":   {id: 0x01010573},
		"foregroundServiceType":       {id: 0x01010599, kind: symbols, values: serviceTypes()},
		"dataExtractionRules":         {id: 0x0101063e, kind: reference},
		"usesPermissionFlags":         {id: 0x01010644, kind: symbols, values: permissionFlags()},
		"enableOnBackInvokedCallback": {id: 0x0101066c, kind: boolean},
	}
}

// launchModes, orientations and configChanges: android.content.pm.ActivityInfo's
// LAUNCH_*, SCREEN_ORIENTATION_* and CONFIG_*.
func launchModes() map[string]uint32 {
	return map[string]uint32{"standard": 0, "singleTop": 1, "singleTask": 2, "singleInstance": 3}
}

func orientations() map[string]uint32 {
	return map[string]uint32{"unspecified": 0xffffffff, "portrait": 1, "user": 2, "sensor": 4}
}

func configChanges() map[string]uint32 {
	return map[string]uint32{
		"locale": 0x4, "keyboard": 0x10, "keyboardHidden": 0x20, "navigation": 0x40, "orientation": 0x80,
		"screenLayout": 0x100, "uiMode": 0x200, "screenSize": 0x400, "smallestScreenSize": 0x800,
		"density": 0x1000, "layoutDirection": 0x2000, "colorMode": 0x4000, "fontScale": 0x40000000,
	}
}

// serviceTypes: android.content.pm.ServiceInfo.FOREGROUND_SERVICE_TYPE_*.
func serviceTypes() map[string]uint32 {
	return map[string]uint32{
		"dataSync": 0x1, "mediaPlayback": 0x2, "phoneCall": 0x4, "location": 0x8, "connectedDevice": 0x10,
		"mediaProjection": 0x20, "camera": 0x40, "microphone": 0x80, "health": 0x100, "remoteMessaging": 0x200,
		"systemExempted": 0x400, "shortService": 0x800, "specialUse": 0x40000000,
	}
}

// permissionFlags: android.content.pm.PackageInfo.REQUESTED_PERMISSION_NEVER_FOR_LOCATION.
func permissionFlags() map[string]uint32 {
	return map[string]uint32{"neverForLocation": 0x10000}
}

// frameworkResources are those that the manifests may name, from android.R.
func frameworkResources() map[string]uint32 {
	return map[string]uint32{
		"style/Theme.DeviceDefault":             0x01030128,
		"style/Theme.DeviceDefault.NoActionBar": 0x01030129,
		"style/Theme.Material":                  0x01030224,
		"style/Theme.Material.Light":            0x01030237,
		"style/Theme.DeviceDefault.DayNight":    0x010302e3,
		"drawable/stat_sys_phone_call":          0x01080084,
		"drawable/sym_action_call":              0x0108008d,
		"drawable/sym_def_app_icon":             0x01080093,
	}
}
