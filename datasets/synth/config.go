package synth

import (
	"fmt"
	"strings"
	"time"
)

// The bounds of a [Config].
const (
	MaxClaims  = 20_000_000
	MaxMonths  = 120
	MaxHolders = 50_000_000 // policy holders: a claim for every 36 months of insurance
)

// NoAudit as AuditShare means that there is no random arm.
const NoAudit = -1

// Config says what to simulate. The zero value is the default portfolio.
type Config struct {
	Seed       uint64    // any; another seed is another portfolio
	Claims     int       // claims reported in the period, 1 to MaxClaims; 0 means 20,000
	Start      time.Time // first day of the period, its time of day is dropped; zero means 2022-01-01
	Months     int       // length of the period in calendar months, 1 to MaxMonths; 0 means 36
	FraudShare float64   // expected share of fraud among claims, up to 0.3; 0 means 0.05
	OddShare   float64   // expected share of claims that seem odd enough to investigate, up to 0.5; 0 means 0.10
	AuditShare float64   // share of the random arm, up to 1; 0 means 0.03, NoAudit none
}

// withDefaults returns the configuration with every default written out.
func (c Config) withDefaults() Config {
	if c.Claims == 0 {
		c.Claims = 20_000
	}
	if c.Start.IsZero() {
		c.Start = time.Date(2022, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	y, m, d := c.Start.Date()
	c.Start = time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	if c.Months == 0 {
		c.Months = 36
	}
	if c.FraudShare == 0 {
		c.FraudShare = 0.05
	}
	if c.OddShare == 0 {
		c.OddShare = 0.10
	}
	if c.AuditShare == 0 {
		c.AuditShare = 0.03
	}
	return c
}

// Validate lists every setting that is out of its bounds, in one error.
func (c Config) Validate() error {
	c = c.withDefaults()
	var faults []string
	check := func(ok bool, name string, value any, want string) {
		if !ok {
			faults = append(faults, fmt.Sprintf("%s is %v, want %s", name, value, want))
		}
	}
	check(c.Claims > 0 && c.Claims <= MaxClaims, "claims", c.Claims, fmt.Sprintf("1 to %d", MaxClaims))
	check(c.Months > 0 && c.Months <= MaxMonths, "months", c.Months, fmt.Sprintf("1 to %d", MaxMonths))
	check(c.Months <= 0 || c.holders() <= MaxHolders, "claims a month", c.Claims/max(1, c.Months), fmt.Sprintf("at most %d, for %d policy holders", MaxHolders/holderMonths, MaxHolders))
	check(c.Start.Year() >= 1990 && c.Start.Year() <= 2100, "start", c.Start.Format(time.DateOnly), "a year from 1990 to 2100")
	check(c.FraudShare > 0 && c.FraudShare <= 0.3, "fraud share", c.FraudShare, "above 0, at most 0.3")
	check(c.OddShare > 0 && c.OddShare <= 0.5, "odd share", c.OddShare, "above 0, at most 0.5")
	check(c.AuditShare == NoAudit || c.AuditShare > 0 && c.AuditShare <= 1, "audit share", c.AuditShare, "above 0, at most 1, or -1 for none")
	if faults == nil {
		return nil
	}
	return fmt.Errorf("cannot simulate a portfolio: %s", strings.Join(faults, "; "))
}

// end returns the instant after the period.
func (c Config) end() time.Time { return c.Start.AddDate(0, c.Months, 0) }

// holderMonths is how many months of insurance there are to a claim.
const holderMonths = 36

// holders returns the number of policy holders.
func (c Config) holders() int { return max(50, c.Claims*holderMonths/c.Months) }
