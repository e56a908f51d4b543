package postgres

// Statements are those whose plan stays, whatever the tables grow to.
var Statements = []string{
	insertRequests, updateRequest, forgetReference, insertReferences, insertEvents, insertAnswers, insertCalls, countFilings, insertSelectors,
	purgeCalls, forgetSelector, purgeAnswers, purgeEvents, selectOver, selectDue, selectFeeds, selectFilings, selectSharing,
	selectRequestsByID, selectCallsByKey, updateParticipant, selectLeaf, selectParticipant, selectRequest, selectHashes,
}
