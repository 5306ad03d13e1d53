package window

// All calls yield with every event, by key and of each key in order, until it
// returns false. The event's slices are good until yield returns.
func (s *State) All(yield func(Event) bool) {
	l := s.lookout()
	defer s.lookouts.Put(l)
	var rows []int64
	var e Event
	for _, e.Key = range s.keys.sorted() {
		rows = s.rowsOf(rows[:0], l, e.Key)
		for at := 0; at < len(rows); at += s.stride {
			row := rows[at : at+s.stride]
			e.Happened, e.Known, e.Marks, e.Owner = row[0], knownOf(row[0], row[1]), uint64(row[2]), -1
			if row[ownerColumn] != hole {
				e.Owner = int32(row[ownerColumn])
			}
			e.Values = append(e.Values[:0], row[columnsBefore:columnsBefore+s.values]...)
			e.Codes = e.Codes[:0]
			for _, code := range row[columnsBefore+s.values:] {
				if code == hole {
					code = -1
				}
				e.Codes = append(e.Codes, int32(code))
			}
			if !yield(e) {
				return
			}
		}
	}
}
