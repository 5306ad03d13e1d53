package features

// Matrix is indicator vectors of many claims, stored by column. NaN means
// missing. A categorical column holds codes 0, 1, 2, ... of the words in
// Categories, as whole numbers.
type Matrix struct {
	Names      []string    // one per column, unique
	Columns    [][]float64 // Columns[j][i] is indicator j of row i; all of the same length
	Categories [][]string  // Categories[j] is nil for a numeric column, else the word of each code
}

// Rows returns the number of rows; 0 when there is no column.
func (m *Matrix) Rows() int {
	if len(m.Columns) == 0 {
		return 0
	}
	return len(m.Columns[0])
}

// Row copies row i into dst, which is grown where it is too short, and returns it.
func (m *Matrix) Row(dst []float64, i int) []float64 {
	dst = dst[:0]
	for _, c := range m.Columns {
		dst = append(dst, c[i])
	}
	return dst
}

// Select returns a matrix of the given rows, in that order. It copies values
// and shares names and categories.
func (m *Matrix) Select(rows []int) *Matrix {
	out := &Matrix{Names: m.Names, Categories: m.Categories, Columns: make([][]float64, len(m.Columns))}
	for j, c := range m.Columns {
		col := make([]float64, len(rows))
		for k, i := range rows {
			col[k] = c[i]
		}
		out.Columns[j] = col
	}
	return out
}
