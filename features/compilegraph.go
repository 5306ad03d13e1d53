package features

import (
	"fmt"
	"slices"
	"strings"

	"claimsieve/datasets"
	"claimsieve/features/history"
	"claimsieve/features/network"
	"claimsieve/features/text"
	"claimsieve/features/window"
)

type kindUse uint8

const (
	kindRefused kindUse = iota
	kindNeeded
	kindAllowed
)

// networkWord is what a do of the network means.
type networkWord struct {
	do   history.NetworkDo
	kind kindUse
}

var networkWords = map[string]networkWord{
	"claims":         {history.NetworkClaims, kindRefused},
	"entities":       {history.NetworkEntities, kindRefused},
	"shared":         {history.NetworkShared, kindNeeded},
	"degree":         {history.NetworkDegree, kindAllowed},
	"parties":        {history.NetworkParties, kindNeeded},
	"fraud":          {history.NetworkFraud2, kindRefused},
	"hubs":           {history.NetworkHubs, kindRefused},
	"cycles":         {history.NetworkCycles, kindRefused},
	"rank":           {history.NetworkRank, kindRefused},
	"gang_claims":    {history.NetworkGangClaims, kindRefused},
	"gang_confirmed": {history.NetworkGangConfirmed, kindRefused},
}

// defaultLinkDegree is how many claims an entity links into a gang at most: few
// enough that chance does not chain up half a portfolio.
const defaultLinkDegree = 10

// options are the graph's settings for the leaf.
func (s *GraphSpec) options() network.Options {
	return network.Options{HubDegree: s.HubDegree, MaxEdges: s.MaxEdges, PartyHops: s.PartyHops, Damping: s.Damping}
}

// network compiles a question to the pipeline's graph.
func (c *compiling) network(s *NetworkSpec) {
	if c.spec.Network == nil {
		return // said by the declaration's own faults
	}
	if c.plan.Graph == nil {
		c.graph(c.spec.Network)
	}
	word := networkWords[s.Do]
	ask := history.NetworkAsk{Do: word.do, Kind: history.AnyKind}
	if s.Do == "fraud" && s.Hops == 4 {
		ask.Do = history.NetworkFraud4
	}
	if s.Kind != "" {
		at := slices.Index(c.plan.Graph.Kinds, s.Kind)
		if at < 0 {
			c.fault("the network has no entities of kind %q%s; it has %s", s.Kind, nearest(s.Kind, c.plan.Graph.Kinds), strings.Join(c.plan.Graph.Kinds, ", "))
			return
		}
		ask.Kind = uint8(at)
	}
	switch ask.Do {
	case history.NetworkFraud2, history.NetworkFraud4, history.NetworkRank, history.NetworkGangConfirmed:
		if !c.outcomes() {
			return
		}
		c.tables = append(c.tables, datasets.OutcomesTable)
	}
	c.instant()
	c.inputs = append(c.inputs, c.graphInputs...)
	c.tables = append(c.tables, c.graphTables...)
	c.own = len(c.graphTables) > 1 // entities of other tables
	ask.Answer = c.answer
	c.plan.Graph.Asks = append(c.plan.Graph.Asks, ask)
}

// graph resolves the columns that name entities. Those of stages after the
// pipeline's are edges of earlier claims all the same, from the time at which
// these reached the stage.
func (c *compiling) graph(s *GraphSpec) {
	g := &history.Graph{Options: s.options(), From: s.Window.From.micros(), Gangs: network.GangOptions{LinkDegree: s.LinkDegree}}
	if s.LinkDegree == 0 {
		g.Gangs.LinkDegree = defaultLinkDegree
	}
	c.plan.Graph = g
	c.graphTables = []string{datasets.ClaimsTable}
	for _, name := range s.Over {
		table, column := datasets.ClaimsTable, name
		if t, col, dotted := strings.Cut(name, "."); dotted && c.claims.Column(name) == nil {
			table, column = t, col
		}
		t := c.table(table)
		if t == nil {
			continue
		}
		if t.Column(c.claims.Key) == nil {
			c.fault("network: table %q has no column %q, so that its rows belong to no claim", table, c.claims.Key)
			continue
		}
		columns := c.keyColumns(table, []string{column})
		if columns == nil {
			continue
		}
		own, claim := c.clocks(table, columns[0].FromStage())
		kind := strings.TrimPrefix(spaceName(columns[0]), "column ")
		at := slices.Index(g.Kinds, kind)
		if at < 0 {
			at = len(g.Kinds)
			g.Kinds = append(g.Kinds, kind)
		}
		g.Edges = append(g.Edges, history.EdgeSource{Of: table, Key: c.key(table, columns), Kind: uint8(at), Clock: max(own, claim)})
		if table == datasets.ClaimsTable && columns[0].FromStage() <= c.spec.Stage {
			c.graphInputs = append(c.graphInputs, column)
		} else if !slices.Contains(c.graphTables, table) {
			c.graphTables = append(c.graphTables, table)
		}
	}
	if len(g.Kinds) > network.MaxKinds {
		c.fault("network: it links %d kinds of entities (%s), and %d is the most", len(g.Kinds), strings.Join(g.Kinds, ", "), network.MaxKinds)
	}
}

// textWords are what a text indicator answers.
var textWords = map[string]history.TextDo{
	"length":       history.TextLength,
	"digit_share":  history.TextDigitShare,
	"near":         history.TextNear,
	"likeness":     history.TextLikeness,
	"since_near":   history.TextSinceNear,
	"own_near":     history.TextOwnNear,
	"phrase":       history.TextPhrase,
	"phrase_share": history.TextPhraseShare,
}

// text compiles a question to an index of narratives.
func (c *compiling) text(s *TextSpec) {
	col := c.use(s.Of, func(t datasets.Type) bool { return t == datasets.Text }, "text")
	owner := -1
	if s.Owner != "" {
		columns := c.keyColumns(datasets.ClaimsTable, []string{s.Owner})
		if columns == nil {
			return
		}
		c.inputs = append(c.inputs, s.Owner)
		c.reach(s.Owner, columns[0].FromStage())
		owner = c.key(datasets.ClaimsTable, columns)
	}
	if col == nil {
		return
	}
	options := text.Options{Threshold: s.Threshold, Shingle: s.Shingle, Phrase: s.PhraseLength}
	if s.Keep != 0 && s.Keep.micros() != window.Forever {
		options.Keep = s.Keep.micros()
	}
	own, _ := c.clocks(datasets.ClaimsTable, col.FromStage())
	c.instant()
	if len(c.faults) > 0 {
		return
	}
	at := c.stories(s, options, own, owner)
	index := &c.plan.Stories[at]
	index.Asks = append(index.Asks, history.TextAsk{Answer: c.answer, Do: textWords[s.Do]})
}

// stories returns the place of the index with these settings.
func (c *compiler) stories(s *TextSpec, options text.Options, clock datasets.Stage, owner int) int {
	key := fmt.Sprintf("stories %q %d %v", s.Of, owner, options)
	if at, known := c.places[key]; known {
		return at
	}
	claims := c.source(datasets.ClaimsTable)
	place := slices.Index(claims.Texts, s.Of)
	if place < 0 {
		place = len(claims.Texts)
		claims.Texts = append(claims.Texts, s.Of)
	}
	c.places[key] = len(c.plan.Stories)
	c.plan.Stories = append(c.plan.Stories, history.Stories{Text: place, Clock: clock, Owner: owner, Options: options})
	return c.places[key]
}
