package history

import (
	"errors"
	"fmt"

	"claimsieve/datasets"
)

// Names of sealed columns: what an interrupted run has completed.
const (
	instantName = "instant"
	joinPrefix  = "join-"
)

func answerName(answer int) string { return fmt.Sprintf("answer-%d", answer) }
func joinName(table string) string { return joinPrefix + table }

func answerNames(answers []int) []string {
	out := make([]string, len(answers))
	for i, a := range answers {
		out[i] = answerName(a)
	}
	return out
}

func (r rawColumn) name() string { return fmt.Sprintf("count-%d-%d", r.group, r.aggregate) }

// groupNames are the columns that a group's answers are kept in.
func (b *batch) groupNames(g int) []string {
	var out []string
	for a, c := range b.plan.Groups[g].Columns {
		if c.Answer >= 0 {
			out = append(out, answerName(c.Answer))
		} else {
			out = append(out, rawColumn{g, a}.name())
		}
	}
	return out
}

// answered says whether columns of all claims are kept already.
func (b *batch) answered(names ...string) (bool, error) {
	if b.spilled == nil {
		return false, nil
	}
	rows := b.rows[datasets.ClaimsTable]
	for _, name := range names {
		width := int64(8)
		if len(name) > len(joinPrefix) && name[:len(joinPrefix)] == joinPrefix {
			width = 4
		}
		if !b.folder().sealed(name, width*rows) {
			return false, nil
		}
	}
	return true, nil
}

// finished says whether an earlier run has left all answers, and takes them.
func (b *batch) finished() (bool, error) {
	names := []string{instantName}
	for a := range b.plan.Answers {
		names = append(names, answerName(a))
	}
	for _, j := range b.plan.Joins {
		names = append(names, joinName(j.Table))
	}
	whole, err := b.answered(names...)
	if !whole || err != nil {
		return false, err
	}
	b.out.At = make([]int64, b.rows[datasets.ClaimsTable])
	return true, errors.Join(b.folder().read(instantName, bytesOf(b.out.At), 0), b.finish())
}

// finish seals the instants, removes what only the run needed, and takes the
// rows of joined tables back.
func (b *batch) finish() error {
	if b.spilled == nil {
		return nil
	}
	if err := b.folder().write(instantName, bytesOf(b.out.At)); err != nil {
		return err
	}
	for _, s := range b.spilled {
		d := &derived{}
		d.grow(s.source, 0)
		for _, c := range d.cells(s.source) {
			if err := b.folder().remove(s.name(c.name)); err != nil {
				return err
			}
		}
	}
	for g := range b.plan.Groups {
		for a := range b.plan.Groups[g].Columns {
			if err := b.folder().remove((rawColumn{g, a}).name()); err != nil {
				return err
			}
		}
	}
	for _, j := range b.plan.Joins {
		rows := make([]int32, len(b.out.At))
		if err := b.folder().read(joinName(j.Table), bytesOf(rows), 0); err != nil {
			return err
		}
		b.out.Joined[j.Table] = rows
	}
	return nil
}

// keep keeps an answer of all claims.
func (b *batch) keep(answer int, column []float64) error {
	if b.spilled != nil {
		return b.folder().write(answerName(answer), bytesOf(column))
	}
	b.out.Columns[answer] = column
	return nil
}

func (b *batch) keepRaw(place rawColumn, column []float64) error {
	if b.spilled != nil {
		return b.folder().write(place.name(), bytesOf(column))
	}
	b.raw[place] = column
	return nil
}

// rawColumn returns an aggregate that keepRaw has kept.
func (b *batch) rawColumn(place rawColumn) ([]float64, error) {
	if b.spilled == nil {
		return b.raw[place], nil
	}
	column := make([]float64, b.rows[datasets.ClaimsTable])
	return column, b.folder().read(place.name(), bytesOf(column), 0)
}

func (b *batch) keepJoin(table string, rows []int32) error {
	if b.spilled != nil {
		return b.folder().write(joinName(table), bytesOf(rows))
	}
	b.out.Joined[table] = rows
	return nil
}

// patches takes answers of some claims after those of others.
type patches struct {
	batch   *batch
	answers []int
	files   []*patch // per answer; nil when they are held in memory
}

func (b *batch) patches(answers []int) (*patches, error) {
	p := &patches{batch: b, answers: answers}
	for _, a := range answers {
		if b.spilled == nil {
			b.out.Columns[a] = missing(len(b.out.At))
			continue
		}
		file, err := b.folder().patch(answerName(a), len(b.out.At))
		if err != nil {
			return nil, p.close(err)
		}
		p.files = append(p.files, file)
	}
	return p, nil
}

// put keeps values[a][i] as answer a of claim rows[i].
func (p *patches) put(rows []int32, values [][]float64) error {
	for i, a := range p.answers {
		if p.files == nil {
			column := p.batch.out.Columns[a]
			for j, row := range rows {
				column[row] = values[a][j]
			}
		} else if err := p.files[i].put(rows, values[a]); err != nil {
			return err
		}
	}
	return nil
}

// close completes the answers, or drops them after an error.
func (p *patches) close(failed error) error {
	for _, f := range p.files {
		failed = f.close(failed)
	}
	return failed
}
