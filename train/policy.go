package train

import (
	"time"

	"claimsieve/screen/policy"
)

// auditKeyID names the key of the audit arm in policies; the key itself never
// leaves the place where the server runs.
const auditKeyID = "audit.key"

// firstPolicy sets the threshold at which an investigation pays for itself, on
// the calibration window. It names no version yet: publishing binds it.
func firstPolicy(probability, y, weight []float64, assumptions []string, w Windows, cfg Config) (*policy.Policy, error) {
	o := policy.Options{
		Model:       policy.Model{Name: cfg.Name},
		Costs:       cfg.Costs,
		Window:      policy.Window{From: time.UnixMicro(w.CalibrateFrom).UTC(), To: time.UnixMicro(w.Until).UTC()},
		AsOf:        time.UnixMicro(w.Until).UTC(),
		Assumptions: assumptions,
		Sampled:     weight != nil,
		ReviewRatio: cfg.ReviewRatio,
		Reason:      "expected cost: an investigation pays for itself from this probability on",
		Author:      "claimsieve train",
		Audit:       policy.Audit{Share: cfg.AuditShare},
	}
	if cfg.AuditShare > 0 {
		o.Audit.KeyID = auditKeyID
	}
	return policy.FitExpectedCost(probability, y, weight, o)
}
