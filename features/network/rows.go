package network

// rows is a matrix of ones and zeros: for every row the columns of its ones.
type rows struct {
	start []int32 // of every row in cols, and the end
	cols  []int32
}

func (r *rows) n() int              { return len(r.start) - 1 }
func (r *rows) row(i int32) []int32 { return r.cols[r.start[i]:r.start[i+1]] }
func (r *rows) push(col int32)      { r.cols = append(r.cols, col) }
func (r *rows) end()                { r.start = append(r.start, int32(len(r.cols))) }

// newRows returns no rows, with room for so many with so many ones.
func newRows(n, ones int) (r rows) {
	return rows{append(make([]int32, 0, n+1), 0), make([]int32, 0, ones)}
}

// transpose returns the rows of the columns, of which there are n. In each of
// them the old rows rise.
func (r *rows) transpose(n int) rows {
	next := make([]int32, n+2) // of column c at c+1, so that it ends as the starts
	for _, c := range r.cols {
		next[c+2]++
	}
	for c := range n {
		next[c+2] += next[c+1]
	}
	out := rows{next[:n+1], make([]int32, len(r.cols))}
	for i := range int32(r.n()) {
		for _, c := range r.row(i) {
			out.cols[next[c+1]] = i
			next[c+1]++
		}
	}
	return out
}

// among returns some rows with the columns that have a place, by their places.
func (r *rows) among(some, place []int32) rows {
	out := newRows(len(some), len(r.cols))
	for _, i := range some {
		for _, c := range r.row(i) {
			if place[c] >= 0 {
				out.push(place[c])
			}
		}
		out.end()
	}
	return out
}
