"""Makes an ONNX tree ensemble of a LightGBM model of workload H: onnx_trees.py LIGHTGBM_MODEL ONNX_MODEL.

Splits on categories are not translated: the operator has no set membership in the version used here, and a chain of
equality splits per category would be another model than the one that is compared.
"""
import json
import sys

import onnx
from onnx import TensorProto, helper

import lightgbm_library

MODES = {"<=": "BRANCH_LEQ"}


def flatten(tree, number, nodes, leaves):
    """Numbers the nodes of a tree in depth-first order."""
    def visit(node):
        identity = nodes["next"]
        nodes["next"] += 1
        row = len(nodes["nodeids"])
        for key in KEYS:
            nodes[key].append(0)
        nodes["treeids"][row] = number
        nodes["nodeids"][row] = identity
        if "leaf_value" in node:
            nodes["modes"][row] = "LEAF"
            nodes["values"][row] = 0.0
            leaves.append((number, identity, node["leaf_value"]))
        else:
            nodes["modes"][row] = MODES[node["decision_type"]]
            nodes["featureids"][row] = node["split_feature"]
            nodes["values"][row] = float(node["threshold"])
            nodes["missing_value_tracks_true"][row] = int(node["default_left"])
            nodes["truenodeids"][row] = visit(node["left_child"])
            nodes["falsenodeids"][row] = visit(node["right_child"])
        return identity

    nodes["next"] = 0
    visit(tree)


KEYS = [
    "treeids", "nodeids", "modes", "featureids", "values", "truenodeids", "falsenodeids", "missing_value_tracks_true",
]
source, target = sys.argv[1:]
model = json.loads(lightgbm_library.Booster(source).dump())
nodes = {key: [] for key in KEYS}
leaves = []
for number, tree in enumerate(model["tree_info"]):
    flatten(tree["tree_structure"], number, nodes, leaves)
attributes = {"nodes_" + key: nodes[key] for key in KEYS}
ensemble = helper.make_node(
    "TreeEnsembleRegressor", ["features"], ["sums"], domain="ai.onnx.ml", n_targets=1,
    target_treeids=[tree for tree, _, _ in leaves], target_nodeids=[node for _, node, _ in leaves],
    target_ids=[0] * len(leaves), target_weights=[float(value) for _, _, value in leaves],
    post_transform="NONE", **attributes)
link = helper.make_node("Sigmoid", ["sums"], ["probabilities"])
features = model["max_feature_idx"] + 1
graph = helper.make_graph(
    [ensemble, link], "trees",
    [helper.make_tensor_value_info("features", TensorProto.FLOAT, [None, features])],
    [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, [None, 1])])
onnx.save(
    helper.make_model(
        graph, ir_version=8, opset_imports=[helper.make_opsetid("", 13), helper.make_opsetid("ai.onnx.ml", 1)]),
    target)
