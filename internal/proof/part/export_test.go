package part

// CheckCovered is what keeps a contract from starting that leaves personal data in bodies.
var CheckCovered = checkCovered
