// Package network computes indicators over the bipartite graph of claims and
// entities (persons, vehicles, telephones, accounts, repair shops) as it was at
// an instant. It takes numbers and knows nothing of claims tables.
//
// A Graph folds edges and outcomes in the order in which they became known and
// keeps them all. "As of t" is then a place in that order, found by one binary
// search: what was known strictly before t lies in front of it. Every question
// is answered from the front part, so that it makes no difference how much more
// has been folded since, and batch and online are the same code.
//
// The asking claim brings its own identifiers: its edges known at t or before,
// and those given with the question. Other claims of the same instant are not
// seen.
//
// An entity that more than Options.HubDegree other claims name as of t is a hub:
// it is reached and counted, but nothing is reached through it. An entity that
// became a hub later than t still connects at t. A union-find cannot take back
// what an entity joined before it became a hub, therefore components are found
// by a breadth-first walk from the claim. The walk goes by whole hops while the
// edges of the next hop fit into Options.MaxEdges; that bounds the work of a
// question together with the hub limit, which bounds the first hop, and the
// answer depends on the set of edges only, never on the order of rows with equal
// times.
//
// Memory is two words an edge: its entity in the log, where a claim and a time
// stand once for what the claim named at one instant, and that run's number in
// the list of the entity. Question.Want leaves out what a caller does not need;
// the walk beyond distance 2 is most of the work.
//
// Beside the local indicators stands BiRank (He, Gao, Kan, Wang: BiRank: Towards
// Ranking on Bipartite Graphs, IEEE TKDE 29, 2017), restarted at confirmed
// claims as Óskarsdóttir et al. do for insurance fraud (Social Network Analytics
// for Supervised Fraud Detection in Insurance, Risk Analysis 42, 2022). It is
// computed for the whole graph at a stated refresh time, by Refresh once or by a
// Refresher for many times. Gangs lists groups of claims with the entities that
// link them, Memberships says how large they are without the lists.
package network
