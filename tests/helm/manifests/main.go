// manifests reads Kubernetes objects in YAML from its standard input as Kubernetes' API server does: strictly
// (a field that a type does not have, or of another type, is a fault), with its defaults, and validated by
// the rules of Kubernetes itself.
//
// Prints the kind and name of each; ends with 1 where there is a fault, and says all of an object's. What
// is not of Kubernetes itself (ServiceMonitor) it only parses.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/validation/field"
	yamlreader "k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/apis/apps"
	_ "k8s.io/kubernetes/pkg/apis/apps/install"
	appsrules "k8s.io/kubernetes/pkg/apis/apps/validation"
	"k8s.io/kubernetes/pkg/apis/core"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	corerules "k8s.io/kubernetes/pkg/apis/core/validation"
	"k8s.io/kubernetes/pkg/apis/networking"
	_ "k8s.io/kubernetes/pkg/apis/networking/install"
	networkrules "k8s.io/kubernetes/pkg/apis/networking/validation"
	"sigs.k8s.io/yaml"
)

func main() {
	if err := check(os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, "manifests:", err)
		os.Exit(1)
	}
}

func check(input io.Reader) error {
	strict := serializer.NewCodecFactory(legacyscheme.Scheme, serializer.EnableStrict)
	documents := yamlreader.NewYAMLReader(bufio.NewReader(input))
	for {
		document, err := documents.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		var object unstructured.Unstructured
		if err := yaml.UnmarshalStrict(document, &object.Object); err != nil {
			return err
		}
		if len(object.Object) == 0 {
			continue
		}
		name := object.GetKind() + " " + object.GetName()
		if legacyscheme.Scheme.Recognizes(object.GroupVersionKind()) {
			decoded, _, err := strict.UniversalDecoder().Decode(document, nil, nil)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			if faults := validate(decoded); len(faults) > 0 {
				return fmt.Errorf("%s: %w", name, faults.ToAggregate())
			}
		}
		fmt.Println(name)
	}
}

func validate(object runtime.Object) field.ErrorList {
	switch o := object.(type) {
	case *apps.StatefulSet:
		o.Namespace = "default"
		return append(appsrules.ValidateStatefulSet(o, corerules.PodValidationOptions{}), validatePod(o)...)
	case *core.Service:
		o.Namespace = "default"
		if o.Spec.ClusterIP != "" { // as the API server fills it
			o.Spec.ClusterIPs = []string{o.Spec.ClusterIP}
		}
		return corerules.ValidateService(o)
	case *networking.NetworkPolicy:
		o.Namespace = "default"
		return networkrules.ValidateNetworkPolicy(o, networkrules.NetworkPolicyValidationOptions{})
	}
	return field.ErrorList{field.InternalError(nil, fmt.Errorf("nobody knows the rules of %T", object))}
}

// validatePod is for what the rules of a StatefulSet leave to the pod: its template, with a volume for each
// claim, and the claims.
func validatePod(set *apps.StatefulSet) field.ErrorList {
	var faults field.ErrorList
	pod := set.Spec.Template.DeepCopy()
	for _, claim := range set.Spec.VolumeClaimTemplates {
		pod.Spec.Volumes = append(pod.Spec.Volumes, core.Volume{Name: claim.Name,
			VolumeSource: core.VolumeSource{EmptyDir: &core.EmptyDirVolumeSource{}}})
		faults = append(faults, corerules.ValidatePersistentVolumeClaimSpec(&claim.Spec,
			field.NewPath("claim", claim.Name), corerules.PersistentVolumeClaimSpecValidationOptions{})...)
	}
	return append(faults, corerules.ValidatePodTemplateSpec(pod, field.NewPath("template"),
		corerules.PodValidationOptions{})...)
}
