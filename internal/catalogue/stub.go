package catalogue

var arWords, arHelp, arDesk, arPlatform, arHub, arTrust, arBench, arMessages, arErrors, arShell map[string]string
var ckbWords, ckbHelp, ckbDesk, ckbPlatform, ckbHub, ckbTrust, ckbBench, ckbMessages, ckbErrors, ckbShell map[string]string
var enCounted, arCounted, ckbCounted map[string]forms
