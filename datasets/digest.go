package datasets

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"slices"
)

// Digest returns the SHA-256 of the dataset in hexadecimal: of dataset.yaml and
// of every file that its tables name, each with its path below the folder and
// its length, in order of path. It changes when any byte or name does, and not
// when the folder is moved.
func (d *Dataset) Digest() (string, error) {
	names := []dataFile{SpecFile}
	for _, table := range d.Spec.TableNames() {
		files, err := d.files(table)
		if err != nil {
			return "", err
		}
		names = append(names, files...)
	}
	slices.Sort(names[1:])
	names = slices.Compact(names)
	sum := sha256.New()
	for _, name := range names {
		if err := d.digestFile(sum, name); err != nil {
			return "", fmt.Errorf("cannot digest dataset %s: %w", d.Dir, err)
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// digestFile adds a file's name, its own digest and its length, so that no
// content can pass for another division into files.
func (d *Dataset) digestFile(sum io.Writer, name dataFile) error {
	f, err := os.Open(d.path(name))
	if err != nil {
		return err
	}
	defer f.Close()
	content := sha256.New()
	n, err := io.Copy(content, f)
	if err != nil {
		return err
	}
	head := binary.BigEndian.AppendUint64(nil, uint64(len(name)))
	head = append(head, name...)
	head = binary.BigEndian.AppendUint64(head, uint64(n))
	_, err = sum.Write(content.Sum(head))
	return err
}

// FileDigest returns the hex SHA-256 of a file's bytes, whatever its size.
func FileDigest(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
