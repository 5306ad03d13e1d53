package synth

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"
	"time"
)

func TestConfigValidateListsAllFaults(t *testing.T) {
	bad := Config{Claims: -1, Months: 121, Start: time.Date(1, 1, 2, 0, 0, 0, 0, time.UTC), FraudShare: math.NaN(), OddShare: 0.6, AuditShare: -0.5}
	err := bad.Validate()
	if err == nil {
		t.Fatal("accepted")
	}
	for _, name := range []string{"claims", "months", "start", "fraud share", "odd share", "audit share"} {
		if !strings.Contains(err.Error(), name+" is") {
			t.Errorf("error does not name %s: %v", name, err)
		}
	}
	if err := (Config{Claims: MaxClaims, Months: 1}).Validate(); err == nil || !strings.Contains(err.Error(), "claims a month") {
		t.Errorf("more holders than there can be: %v", err)
	}
	if _, err := Generate(bad); err == nil {
		t.Error("Generate accepted it")
	}
	if err := (Config{}).Validate(); err != nil {
		t.Errorf("zero value: %v", err)
	}
	if err := (Config{AuditShare: NoAudit}).Validate(); err != nil {
		t.Errorf("no audit: %v", err)
	}
}

func TestGenerateTinyAndOddPeriods(t *testing.T) {
	for _, cfg := range []Config{{Claims: 1}, {Claims: 7, Months: 1}, {Claims: 300, Months: 120}, {Claims: 50, FraudShare: 0.3},
		{Claims: 200, Months: 2, Start: time.Date(2024, 2, 29, 13, 0, 0, 0, time.UTC)}, {Claims: 100, AuditShare: 1}} {
		p, err := Generate(cfg)
		if err != nil {
			t.Fatalf("%+v: %v", cfg, err)
		}
		if p.Claims.Rows() != cfg.Claims || p.Truth.Rows() != cfg.Claims {
			t.Errorf("%+v: %d claims", cfg, p.Claims.Rows())
		}
		checkClocks(t, p)
		checkReferences(t, p)
	}
}

func TestWriteStopsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	err := Write(ctx, t.TempDir(), Config{Claims: 20_000}, func(done, total int) { cancel() })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
