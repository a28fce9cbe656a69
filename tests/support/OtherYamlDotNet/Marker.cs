namespace YamlDotNet;

/// <summary>Tells this assembly from the real one.</summary>
public static class Marker;
