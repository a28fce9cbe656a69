using System.Globalization;
using ChaosPS.Clusters;
using ChaosPS.Simulation;

namespace ChaosPS.Resilience;

/// <summary>What all parts of one loss have in common.</summary>
internal sealed class LossScene
{
    private readonly Dictionary<string, int> _places;
    private readonly Dictionary<string, string> _zoneNumbers = [];

    public LossScene(NodeLoss loss, PredictionStudy study)
    {
        Loss = loss;
        Lost = [.. loss.Nodes];
        _places = Lost.Index().ToDictionary(static node => node.Item, static node => node.Index);
        Nodes = [.. loss.Nodes.Select(name => study.Room.Find(name)!)];
        foreach (var name in loss.Nodes)
        {
            foreach (var (family, pod) in study.Families.On(name))
            {
                if (study.IsEntry(pod)) Entries.Add(pod);
                if (!family.Moves) continue;
                LostPods[family] = LostPods.GetValueOrDefault(family) + 1;
                if (!family.IsBare) Displace(family.Spec.Requests);
            }
        }

        foreach (var pod in study.Families.Unplaced) Displace(pod.Spec.Requests);
        ZoneText = DescribeZones(study);
    }

    public NodeLoss Loss { get; }

    public HashSet<string> Lost { get; }

    public IReadOnlyList<NodeTemplate> Nodes { get; }

    /// <summary>Where among the lost nodes a node stands.</summary>
    public int PlaceOf(string node) => _places[node];

    /// <summary>How many pods of each family are lost.</summary>
    public Dictionary<Family, int> LostPods { get; } = [];

    /// <summary>How many pods need places.</summary>
    public int Displaced { get; private set; }

    /// <summary>Room for the largest of these.</summary>
    public ResourceQuantities Slot { get; private set; }

    /// <summary>The ingress controllers that are lost.</summary>
    public List<ClusterPod> Entries { get; } = [];

    /// <summary>What of the zones decides how fast nodes are tainted.</summary>
    public string ZoneText { get; }

    /// <summary>Which of the zones a lost node is in, without its name.</summary>
    public string ZoneNumber(NodeTemplate node) => _zoneNumbers[node.ZoneKey];

    private void Displace(ResourceQuantities requests)
    {
        Displaced++;
        Slot = ResourceQuantities.Max(Slot, requests);
    }

    private string DescribeZones(PredictionStudy study)
    {
        List<(string Text, string Zone)> zones = [];
        foreach (var (zone, lost) in Nodes.CountBy(static node => node.ZoneKey))
        {
            var down = lost + study.Room.Unwell.Count(node => node.ZoneKey == zone && !Lost.Contains(node.Spec.Name));
            var all = study.NodesByZone[zone];

            // Up to two nodes of more do not disrupt a zone, however large it is.
            var text = down <= 2 && down < all ? $"lost {lost} of many" : string.Create(CultureInfo.InvariantCulture, $"lost {lost}, down {down} of {all}");
            zones.Add((text, zone));
        }

        zones.Sort();
        foreach (var (_, zone) in zones) _zoneNumbers.Add(zone, _zoneNumbers.Count.ToString(CultureInfo.InvariantCulture));
        var untouched = study.NodesByZone.Count > zones.Count ? "others" : "no others";
        return $"{string.Join(';', zones.Select(static zone => zone.Text))};{untouched}";
    }
}
