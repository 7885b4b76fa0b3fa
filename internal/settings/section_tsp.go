package settings

// tspSection is the section tsp.
var tspSection = Leaf{Name: "tsp", Kind: Object, Fields: Catalogue{
	{Name: "call_out", Kind: Bool, At: Account | User, Lock: "tsp.call_out", LockAt: Account},
	{Name: "call_out_countries", Kind: List, Item: &Leaf{Kind: Object, Fields: Catalogue{
		{Name: "code", Kind: String},
		{Name: "name", Kind: String},
	}}, At: Account | User},
	{Name: "display_toll_free_numbers", Kind: Bool, At: Account},
	{Name: "global_dial_in_countries", Kind: Object, Fields: Catalogue{
		{Name: "allowed_countries", Kind: List, Item: &Leaf{Kind: Object, Fields: Catalogue{
			{Name: "code", Kind: String},
			{Name: "name", Kind: String},
		}}, At: User, ReadOnlyAt: User},
		{Name: "selected_countries", Kind: List, Item: &Leaf{Kind: Object, Fields: Catalogue{
			{Name: "code", Kind: String},
			{Name: "name", Kind: String},
		}}, At: User},
	}},
	{Name: "show_international_numbers_link", Kind: Bool, At: Account | User, Lock: "tsp.show_international_numbers_link", LockAt: Account},
}}
