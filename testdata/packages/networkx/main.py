"""Graph algorithms that need no numpy."""

import networkx as nx

roads = nx.Graph()
for a, b, km in [
    ("Bern", "Basel", 100),
    ("Bern", "Zürich", 125),
    ("Basel", "Zürich", 87),
    ("Zürich", "Chur", 120),
    ("Bern", "Sion", 155),
    ("Sion", "Chur", 210),
]:
    roads.add_edge(a, b, weight=km)

print(nx.shortest_path(roads, "Basel", "Sion", weight="weight"))
print(nx.dijkstra_path_length(roads, "Basel", "Chur"))
print(sorted(nx.minimum_spanning_tree(roads).edges(data="weight")))
print({node: round(value, 4) for node, value in nx.betweenness_centrality(roads).items()})
print([sorted(part) for part in nx.community.greedy_modularity_communities(roads)])

tasks = nx.DiGraph([("wash", "cook"), ("buy", "wash"), ("cook", "eat"), ("lay", "eat")])
print(list(nx.lexicographical_topological_sort(tasks)))
print(nx.ancestors(tasks, "cook") == {"buy", "wash"}, nx.is_directed_acyclic_graph(tasks))
print(nx.density(tasks), sorted(nx.simple_cycles(nx.DiGraph([(1, 2), (2, 1), (2, 3)]))))
nx.write_network_text(tasks)
print("\n".join(nx.generate_adjlist(nx.petersen_graph())))
