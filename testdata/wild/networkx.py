"""Graphs with paths, components, colouring, flows, centrality, generators and several formats."""

import io

import networkx as nx

graph = nx.Graph()
graph.add_weighted_edges_from([("a", "b", 4), ("a", "c", 1), ("c", "b", 2), ("b", "d", 5), ("e", "f", 1)])
print(nx.shortest_path(graph, "a", "d", weight="weight"), nx.dijkstra_path_length(graph, "a", "d"))
print(sorted(map(sorted, nx.connected_components(graph))), nx.density(graph), dict(graph.degree()))
print(sorted(nx.minimum_spanning_edges(graph, data=False)), nx.greedy_color(graph))
print({node: round(value, 4) for node, value in nx.betweenness_centrality(graph).items()})
directed = nx.DiGraph([(1, 2), (2, 3), (1, 3), (3, 4)])
print(list(nx.topological_sort(directed)), nx.ancestors(directed, 3), list(nx.all_simple_paths(directed, 1, 4)), nx.is_directed_acyclic_graph(directed))
nx.set_edge_attributes(directed, {edge: 3 for edge in directed.edges}, "capacity")
print(nx.maximum_flow(directed, 1, 4)[0], nx.minimum_cut(directed, 1, 4)[0])
print(nx.to_dict_of_lists(nx.petersen_graph())[0], nx.number_of_edges(nx.complete_graph(6)), sorted(nx.gnp_random_graph(6, 0.4, seed=3).edges))
file = io.BytesIO()
nx.write_graphml(graph, file)
file.seek(0)
print(sorted(nx.read_graphml(file).edges(data="weight")))
print(list(nx.generate_gml(nx.path_graph(2)))[:4], nx.node_link_data(nx.path_graph(2))["nodes"], sorted(nx.find_cliques(nx.complete_graph(3)))[0])
print([sorted(c) for c in nx.community.greedy_modularity_communities(nx.barbell_graph(4, 0))], nx.is_isomorphic(nx.cycle_graph(4), nx.grid_2d_graph(2, 2)))
try:
    nx.shortest_path(graph, "a", "e")
except nx.NetworkXNoPath as error:
    print(error)
